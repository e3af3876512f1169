//! What `doctor` looks at besides: the staff group, the customer groups, the administrators.

mod admins;
mod customer_groups;
mod staff_group;

use frontdesk_core::cli::{Finding, Visit};

use crate::config::Desk;

/// Everything that the desk needs of Telegram, beside what every bot does.
pub(crate) async fn look(desk: &Desk, visit: &Visit<'_>) -> Vec<Finding> {
    let mut findings = vec![staff_group::look(desk, visit).await];
    findings.extend(customer_groups::look(visit).await);
    findings.extend(admins::look(desk, visit).await);
    findings
}
