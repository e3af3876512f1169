//! What a message costs.

use testkit::story;

use crate::desk::Desk;

story!(a_message_of_an_open_ticket_is_one_call_and_a_new_ticket_four, |desk: Desk| async move {
    let nino = desk.town.person("Nino", "en");
    desk.town.world().clear_journal();
    nino.says("first");
    desk.town.idle().await;
    let mut calls = methods(&desk);
    calls.sort();
    assert_eq!(calls, ["copyMessage", "createForumTopic", "sendMessage", "sendMessage"]);
    desk.town.world().clear_journal();
    nino.says("second");
    desk.town.idle().await;
    assert_eq!(methods(&desk), ["copyMessage"]);
    desk.town.world().clear_journal();
    desk.topic("#1 Nino").says("an answer");
    desk.town.idle().await;
    assert_eq!(methods(&desk), ["copyMessage", "sendMessage"]);
});

fn methods(desk: &Desk) -> Vec<String> {
    let calls = desk.town.world().journal();
    // At its start the bot asks and sets what people see of it, beside everything else.
    let is_about_tickets = |method: &String| !method.starts_with("get") && !method.starts_with("setMy");
    calls.into_iter().map(|call| call.method).filter(is_about_tickets).collect()
}
