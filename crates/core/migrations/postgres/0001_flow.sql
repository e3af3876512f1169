-- oldest: 1
-- What one bot knows of itself: whose database this is, its masking key, whether it stopped cleanly.
create table meta (
    key text primary key,
    value text not null
);

-- The inbox: updates as Telegram sent them, and events of our own. state: 0 waiting, 1 done, 2 not understood.
create table inbox (
    seq bigint generated always as identity primary key,
    bot_id bigint not null,
    update_id bigint,
    lane text not null,
    chat_id bigint,
    kind text not null,
    album text,
    raw text,
    state bigint not null default 0,
    attempts bigint not null default 0,
    retry_at bigint not null default 0,
    received_at bigint not null,
    done_at bigint,
    unique (bot_id, update_id)
);
create index inbox_waiting on inbox (lane, seq) where state = 0;
create index inbox_age on inbox (received_at) where state = 0;
create index inbox_ended on inbox (done_at) where state <> 0;

-- What is to happen later or elsewhere. state: 0 waiting, 1 in flight. A job that is done has no row.
create table jobs (
    id bigint primary key,
    lane text not null,
    chat_id bigint,
    kind text not null,
    payload text not null,
    priority bigint not null,
    due bigint not null,
    delayed bigint not null,
    expires_at bigint,
    retry_at bigint not null default 0,
    attempts bigint not null default 0,
    state bigint not null default 0,
    policy bigint not null,
    reply_lane text,
    tag text,
    created_at bigint not null
);
create index jobs_lane on jobs (lane, id);
create index jobs_delayed on jobs (due) where delayed = 1;
create index jobs_in_flight on jobs (id) where state = 1;

-- Which message (or forum topic) a job became.
create table sent (
    job_id bigint not null,
    part bigint not null,
    chat_id bigint not null,
    message_id bigint not null,
    sent_at bigint not null,
    primary key (job_id, part)
);
create index sent_message on sent (chat_id, message_id);

-- Updates and jobs that failed too often, or whose fate is unknown, and that wait for a person.
create table dead_letters (
    id bigint generated always as identity primary key,
    what text not null,
    ref bigint not null,
    lane text not null,
    chat_id bigint,
    kind text not null,
    content text not null,
    reason text not null,
    error text not null,
    attempts bigint not null,
    died_at bigint not null
);

-- Facts on chats, from Telegram's own updates. parked: why the bot may not write there now.
create table chats (
    chat_id bigint primary key,
    kind text,
    is_forum bigint,
    bot_status text,
    bot_rights text,
    parked text,
    parked_at bigint,
    migrated_to bigint,
    seen_at bigint not null
);
create index chats_migrated on chats (chat_id) where migrated_to is not null;
