# What core itself says to people. A bot's message of the same name replaces it.

# To the person whose message could not be handled, after the last attempt.
error-went-wrong = Sorry, something went wrong. Your message is kept, and we are looking into it.

# Date patterns: the arguments come from texts::date_args.
date-and-time = { $year }-{ $month }-{ $day } { $hour }:{ $minute }
date-only = { $year }-{ $month }-{ $day }
