//! All the SQL of the desk.

pub mod desks;
pub mod groups;
pub mod messages;
pub mod tickets;

#[cfg(test)]
mod tests;
