/** The daemon as the client sees it: its address, the channel to it, and the errors of calls in one sentence. */
package dev.wherry.cli.client;
