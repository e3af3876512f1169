// A bot on grammY, for the conversation that clients.rs plays. WEBHOOK_PORT makes it listen instead of poll.

import { createServer } from "node:http";
import { Bot, InlineKeyboard, InputFile, InputMediaBuilder, webhookCallback } from "grammy";

const { TELEGRAM_API_URL: telegram, TELEGRAM_BOT_TOKEN: token, WEBHOOK_PORT: port } = process.env;
const bot = new Bot(token, { client: { apiRoot: telegram } });

bot.command("start", (ctx) => {
  const keyboard = new InlineKeyboard().text("Tea", "tea").text("Coffee", "coffee");
  return ctx.reply(`Welcome, ${ctx.from.first_name}.`, { reply_markup: keyboard });
});

bot.on("callback_query:data", async (ctx) => {
  await ctx.answerCallbackQuery(`One ${ctx.callbackQuery.data}`);
  await ctx.editMessageText(`You chose ${ctx.callbackQuery.data}.`);
});

bot.command("topic", async (ctx) => {
  const made = await ctx.createForumTopic(ctx.match);
  await ctx.api.sendMessage(ctx.chat.id, `${made.name} is open.`, { message_thread_id: made.message_thread_id });
});

const answering = (ctx) => ({ reply_parameters: { message_id: ctx.msgId } });

bot.on("message:is_topic_message").on("message:text", (ctx) => ctx.reply(`Heard: ${ctx.msg.text}`, answering(ctx)));

bot.on("message").filter((ctx) => ctx.msg.media_group_id, (ctx) => ctx.reply("One of an album", answering(ctx)));

bot.on(["message:photo", "message:document"], async (ctx) => {
  const file = await ctx.getFile();
  const response = await fetch(`${telegram}/file/bot${token}/${file.file_path}`);
  const data = new Uint8Array(await response.arrayBuffer());
  const options = { caption: `${data.length} bytes`, ...answering(ctx) };
  if (ctx.msg.caption === "album") {
    const photo = (word) => InputMediaBuilder.photo(new InputFile(data, `${word}.png`), { caption: word });
    await ctx.replyWithMediaGroup(["one", "two", "three"].map(photo));
  } else if (ctx.msg.photo) {
    await ctx.replyWithPhoto(new InputFile(data, "copy.png"), options);
  } else {
    await ctx.replyWithDocument(new InputFile(data, "copy.txt"), options);
  }
});

let server;
const stop = async () => {
  server?.close();
  await bot.stop();
  process.exit(0);
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);

if (port) {
  server = createServer(webhookCallback(bot, "http", { secretToken: "sandbox-secret" }));
  server.listen(Number(port), "127.0.0.1", async () => {
    await bot.api.setWebhook(`http://127.0.0.1:${port}/hook`, { secret_token: "sandbox-secret" });
  });
} else {
  await bot.start();
}
