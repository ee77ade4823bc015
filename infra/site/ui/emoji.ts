/** Twelve rows of eight: faces, hands, hearts and what a talk with a shop is about. */
export const EMOJI =
  "😀 😃 😄 😁 😆 😅 😂 🤣 😊 🙂 🙃 😉 😇 🥰 😍 😘 😋 😜 🤔 🤗 😎 🤩 🥳 😏 😐 😑 😶 🙄 😬 😴 🤒 😷 😕 😟 🙁 😮 😲 😳 🥺 😢 😭 😱 😞 😓 😩 😤 😡 🤯 👍 👎 👌 🤝 🙏 👏 🙌 💪 👋 ✌️ 🤞 👉 👈 👆 👇 ✋ ❤️ 🧡 💛 💚 💙 💜 💔 💯 🎉 🎁 ⭐ ✨ 🔥 ✅ ❌ ❓ 📦 🚚 🛒 💳 🧾 📷 📱 💻 📧 📞 ⏰ 📅 🏠 👕 👟 🎒";
