# Every sentence of the support bot. A ticket is named by its number: #12.

# To customers, in a private chat.
start = Hello { $name }! Write your question here: a text, a picture, a voice message, whatever helps. Our team answers in this chat.
help =
    Write your question here and our team answers in this chat. Everything you send until your ticket is closed belongs to it.

    /start – who we are
    /help – this text
ask-how-private = Just write your question here, without a command.
opened = Thank you! Your question is ticket #{ $number }. Our team answers here; write on whenever you like.
closed = Ticket #{ $number } is closed. If anything is left, just ask again.
reopened = Ticket #{ $number } is open again.
not-passed-on = Telegram does not let us pass on this kind of message. Please send it in another way, for example as a picture or a text.
unknown-kind = This kind of message cannot be passed on. Please send it in another way, for example as a picture or a text.
kept = Our team cannot be reached at the moment. Your message is kept and will be passed on as soon as possible.
edited = ✏️ Edited:

# To customers, in a group.
opened-group = Thank you! Your question is ticket #{ $number }. To add to it, reply to this message or write /t { $number } and your text.
closed-group = Ticket #{ $number } is closed. If anything is left, write /ask and your question.
ask-how = To ask, write /ask and your question in one message, for example: /ask When do you open?
help-group =
    /ask and your question – ask our team
    /t, a ticket's number and your text – add to your question

    You can also mention me in your question, or reply to my messages.
group-not-served = Sorry, our team does not answer in this group. Please write to me in a private chat.
ticket-form = To add to a ticket, write /t, its number and your text, for example: /t 12 It works now.
ticket-not-a-number = After /t comes the number of the ticket, for example: /t 12 It works now.
ticket-unknown = There is no ticket #{ $number }.
ticket-elsewhere = Ticket #{ $number } was not asked in this group.
ticket-not-yours = Only the person who asked can add to ticket #{ $number }. To ask something yourself, write /ask and your question.
ticket-closed = Ticket #{ $number } is closed. To ask again, write /ask and your question.
reply-unknown = I cannot tell which question this belongs to. Please write /t, the ticket's number and your text, or /ask and a new question.

# To administrators.
help-admin =
    For administrators:
    /addgroup in a group – its members may ask there
    /removegroup in a group, or with its id – its members may no longer ask
    /listgroups – the groups and their ids
admins-only = Only this desk's administrators can do that.
admins-only-anonymous = Only this desk's administrators can do that. An anonymous administrator has to show who they are first.
group-add-there = Write /addgroup in the group whose members may ask.
group-added = Members of this group can now ask with /ask or by mentioning me.
group-known = Members of this group can already ask with /ask or by mentioning me.
group-no-mentions =
    Telegram does not show me mentions in this group. /ask and replies to my messages work. For mentions and whole albums, either
    – make me an administrator of this group, or
    – turn off my privacy mode at @BotFather (/setprivacy), then remove me from the group and add me again.
group-removed = Members of that group can no longer ask. Open tickets go on.
group-unknown = That group was not on the list. /listgroups shows the list.
group-remove-how = Write /removegroup in the group, or /removegroup and its id. /listgroups shows the ids.
groups-none = No group is on the list. Write /addgroup in a group to add it.
groups-head = Groups whose members may ask:
groups-line = { $title } – { $id }

# To staff, in the staff group.
card-title = Ticket #{ $number } · { $name }
card-username = Username: @{ $username }
card-language = Language: { $language }
card-group = Group: { $title }
card-topic =
    Whatever you write in this topic goes to the customer; begin with // to keep it among staff.
    /close closes the ticket.
card-general =
    Reply to this message or to the ones below and the customer gets it; begin with // to keep it among staff.
    Reply with /close to close the ticket.
help-staff =
    Each ticket has a topic. Whatever you write there goes to the customer, under the message you reply to.
    // at the beginning – a note among staff
    /close or /done – close the ticket
    /reopen – open it again
    /retry – deliver what could not be delivered here
    In General only replies to a ticket's messages go to a customer.
sent = ✅
failed = ❌ Failed: { $reason }
failed-blocked = the customer has blocked the bot.
failed-deactivated = the customer's account no longer exists.
failed-removed = the bot is no longer in that group.
failed-deleted = the message was deleted before it could be copied.
failed-uncopyable = Telegram does not let a bot copy this kind of message. Send it in another way.
failed-refused = Telegram refused it ({ $why }).
sent-perhaps = ❓ Telegram did not say whether the customer got this. An operator finds it under “dead-letters”.
staff-ticket-closed = Not sent: the ticket is closed. /reopen opens it again.
staff-unknown-command = Not sent: I do not know this command. /help lists those I know.
staff-reply-unknown = Not sent: I cannot tell which ticket this belongs to. Reply to the ticket's card, or write in its topic.
staff-topic-unknown = Not sent: I know no ticket that lives in this topic. If the ticket has another topic, write there.
staff-no-ticket = There is no ticket here. Use this command in a ticket's topic, or as a reply to one of its messages.
staff-already-closed = Ticket #{ $number } is already closed.
staff-already-open = Ticket #{ $number } is already open.
staff-other-open = Ticket #{ $number } stays closed: the customer has ticket #{ $other } open. Answer there, or close that one first.
staff-closed = Ticket #{ $number } is closed and the customer was told. /reopen opens it again.
staff-reopened = Ticket #{ $number } is open again and the customer was told.
staff-not-copied = The customer sent a message here that could not be copied: it was deleted, or Telegram lets nobody copy its kind.
staff-edit-kept = The customer still sees what you wrote first: an edit cannot turn it into a note or a command.
staff-edit-not-sent = Not sent: an edit goes to the customer only where the message did. Write it as a new message.
staff-retrying = Trying again now.
staff-nothing-waits = Nothing is waiting to be delivered.
no-topics-forum = I cannot make a topic for each ticket, because this group has no topics. An administrator has to turn on Topics in the group's settings and let me manage them. Until then tickets come here: reply to them.
no-topics-rights = I cannot make a topic for each ticket, because I may not manage topics. An administrator has to make me an administrator with the right “Manage topics”. Until then tickets come here: reply to them.
no-topics-other = I could not make a topic for a ticket. An administrator has to check that Topics are on and that I may manage them. Until then tickets come here: reply to them.

# Command lists and profile.
command-start = Who we are
command-help = How it works
command-ask = Ask our team: /ask and your question
command-ticket = Add to a ticket: its number and your text
command-close = Close the ticket
command-reopen = Open the ticket again
command-retry = Deliver what could not be delivered here
command-listgroups = Groups whose members may ask
command-removegroup = Take a group off the list, by its id
profile-description = Write your question here: a text, a picture, a voice message. Our team answers in this chat.
profile-short-description = Ask here, and our team answers.
