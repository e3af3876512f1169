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

story!(open_tickets_are_found_without_a_look_at_closed_ones, |desk: Desk| async move {
    desk.asks("Nino", "hello").await;
    let plan = if desk.town.shared().db.is_sqlite() {
        let sql = "select count(*) from pragma_index_list('tickets') where name = 'tickets_private' and partial = 1";
        desk.town.count(sql).await
    } else {
        let sql = "select count(*) from pg_indexes where indexname = 'tickets_private' and indexdef like '%WHERE%'";
        desk.town.count(sql).await
    };
    assert_eq!(plan, 1);
});

fn methods(desk: &Desk) -> Vec<String> {
    let calls = desk.town.world().journal();
    // At its start the bot asks and sets what people see of it, beside everything else.
    let is_about_tickets = |method: &String| !method.starts_with("get") && !method.starts_with("setMy");
    calls.into_iter().map(|call| call.method).filter(is_about_tickets).collect()
}
