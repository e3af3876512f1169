-- oldest: 1
-- What one bot knows of itself: whose database this is, its masking key, whether it stopped cleanly.
create table meta (
    key text primary key,
    value text not null
) strict, without rowid;

-- The inbox: updates as Telegram sent them, and events of our own. state: 0 waiting, 1 done, 2 not understood.
create table inbox (
    seq integer primary key autoincrement,
    bot_id integer not null,
    update_id integer,
    lane text not null,
    chat_id integer,
    kind text not null,
    album text,
    raw text,
    state integer not null default 0,
    attempts integer not null default 0,
    retry_at integer not null default 0,
    received_at integer not null,
    done_at integer,
    unique (bot_id, update_id)
) strict;
create index inbox_waiting on inbox (lane, seq) where state = 0;
create index inbox_age on inbox (received_at) where state = 0;
create index inbox_ended on inbox (done_at) where state <> 0;

-- What is to happen later or elsewhere. state: 0 waiting, 1 in flight. A job that is done has no row.
create table jobs (
    id integer primary key,
    lane text not null,
    chat_id integer,
    kind text not null,
    payload text not null,
    priority integer not null,
    due integer not null,
    delayed integer not null,
    expires_at integer,
    retry_at integer not null default 0,
    attempts integer not null default 0,
    state integer not null default 0,
    policy integer not null,
    reply_lane text,
    tag text,
    created_at integer not null
) strict;
create index jobs_lane on jobs (lane, id);
create index jobs_delayed on jobs (due) where delayed = 1;
create index jobs_in_flight on jobs (id) where state = 1;

-- Which message (or forum topic) a job became.
create table sent (
    job_id integer not null,
    part integer not null,
    chat_id integer not null,
    message_id integer not null,
    sent_at integer not null,
    primary key (job_id, part)
) strict, without rowid;
create index sent_message on sent (chat_id, message_id);

-- Updates and jobs that failed too often, or whose fate is unknown, and that wait for a person.
create table dead_letters (
    id integer primary key autoincrement,
    what text not null,
    ref integer not null,
    lane text not null,
    chat_id integer,
    kind text not null,
    content text not null,
    reason text not null,
    error text not null,
    attempts integer not null,
    died_at integer not null
) strict;

-- Facts on chats, from Telegram's own updates. parked: why the bot may not write there now.
create table chats (
    chat_id integer primary key,
    kind text,
    is_forum integer,
    bot_status text,
    bot_rights text,
    parked text,
    parked_at integer,
    migrated_to integer,
    seen_at integer not null
) strict;
create index chats_migrated on chats (chat_id) where migrated_to is not null;
