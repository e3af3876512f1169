document.getElementById("app").textContent = "The local Telegram is running.";
