-- oldest: 1
-- A desk: one staff group with its tickets and their numbers. told_at: when staff last read that topics cannot
-- be made.
create table desks (
    id integer primary key autoincrement,
    staff_chat_id integer not null unique,
    last_number integer not null,
    told_at integer not null default 0
) strict;

-- The groups in which customers may ask.
create table customer_groups (
    chat_id integer primary key,
    title text not null,
    added_by integer not null,
    added_at integer not null
) strict;

-- topic_job: the job that makes the ticket's forum topic; null: it lives in the group's General.
-- card_job: the job that sends its card. status: 0 open, 1 closed.
create table tickets (
    id integer primary key autoincrement,
    desk_id integer not null references desks (id),
    number integer not null,
    customer_chat_id integer not null,
    customer_thread_id integer,
    customer_id integer not null,
    language text,
    name text not null,
    username text,
    group_title text,
    topic_job integer,
    card_job integer not null,
    status integer not null,
    opened_at integer not null,
    closed_at integer,
    unique (desk_id, number)
) strict;
-- One open ticket a private chat, found without a look at the closed ones.
create unique index tickets_private on tickets (desk_id, customer_chat_id)
    where status = 0 and customer_chat_id > 0;
create index tickets_topic on tickets (topic_job);

-- Which message of one side became which job, and so which message of the other side. side: 0 from the customer,
-- 1 from staff, 2 the bot's own to the customer, 3 the bot's own to staff. undelivered: 1 waits until staff can be
-- reached again.
create table messages (
    job_id integer not null,
    part integer not null,
    ticket_id integer not null references tickets (id),
    side integer not null,
    from_chat_id integer,
    from_message_id integer,
    undelivered integer not null default 0,
    primary key (job_id, part)
) strict, without rowid;
create index messages_source on messages (from_chat_id, from_message_id);
create index messages_ticket on messages (ticket_id, side, job_id, part desc);
create index messages_undelivered on messages (ticket_id) where undelivered = 1;
