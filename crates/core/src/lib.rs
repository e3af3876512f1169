//! What every Frontdesk bot stands on.

pub mod clock;
pub mod db;
