//! The rows of a long history: closed tickets of people who are long gone, each with its topic, a question and
//! an answer. Their jobs have numbers below those that the bot will give.

/// Inserts for one desk. Those that begin with `insert … select` read `n(i)`, the numbers from 1 on.
pub(super) fn fill(staff: i64, tickets: u32) -> Vec<String> {
    let numbers =
        format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {tickets})");
    let desk = format!("(select id from desks where staff_chat_id = {staff})");
    let ticket = format!("(select min(id) - 1 from tickets where desk_id = {desk} and topic_job < 0)");
    vec![
        format!(
            "insert into desks (staff_chat_id, last_number) values ({staff}, {tickets}) \
             on conflict (staff_chat_id) do update set last_number = {tickets}"
        ),
        format!(
            "{numbers} insert into tickets (desk_id, number, customer_chat_id, customer_id, language, name, topic_job, \
             card_job, status, opened_at, closed_at) \
             select {desk}, i, 5000000000 + i, 5000000000 + i, 'en', 'Somebody', -4 * i - 4, -4 * i - 3, 1, i, i + 1 from n"
        ),
        format!(
            "{numbers} insert into messages (job_id, part, ticket_id, side, from_chat_id, from_message_id) \
             select -4 * i - 2, 0, {ticket} + i, 0, 5000000000 + i, i from n"
        ),
        format!(
            "{numbers} insert into messages (job_id, part, ticket_id, side, from_chat_id, from_message_id) \
             select -4 * i - 1, 0, {ticket} + i, 1, {staff}, -i from n"
        ),
        format!(
            "{numbers} insert into sent (job_id, part, chat_id, message_id, sent_at) \
             select -4 * i - 4, 0, {staff}, -3 * i, i from n"
        ),
        format!(
            "{numbers} insert into sent (job_id, part, chat_id, message_id, sent_at) \
             select -4 * i - 2, 0, {staff}, -3 * i - 1, i from n"
        ),
        format!(
            "{numbers} insert into sent (job_id, part, chat_id, message_id, sent_at) \
             select -4 * i - 1, 0, 5000000000 + i, 1, i from n"
        ),
        "analyze".to_owned(),
    ]
}
