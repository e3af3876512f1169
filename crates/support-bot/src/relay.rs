//! What several handlers share: a ticket's place among staff, and messages from one side to the other.

mod carry;
mod place;
mod target;

pub(crate) use carry::{inbound, inbound_again, opened, outbound, outbound_again};
pub(crate) use place::{house, rehouse, send_again};
pub(crate) use target::{in_customer_chat, in_staff_chat, staff_ticket, ticket_of};
