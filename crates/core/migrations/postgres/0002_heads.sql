-- oldest: 1
-- The head of a lane is found behind any number of jobs that are due later: those are in another index. An older
-- binary works without the index that goes, only slower where much waits.
create index jobs_ready on jobs (lane, id) where delayed = 0;
drop index jobs_lane;

-- The parts of an album are found in a lane where much else waits.
create index inbox_albums on inbox (lane, album, seq) where state = 0 and album is not null;
