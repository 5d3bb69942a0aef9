const http = require("http");
const greeting = require("greeting");

const port = process.env.PORT || 80;

http
  .createServer((request, response) => response.end(greeting("Wherry")))
  .listen(port, () => console.log(`listening on port ${port}`));

process.on("SIGTERM", () => process.exit(0));
