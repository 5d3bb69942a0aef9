/** Build contexts: where their files are, which of them a copy selects, what they contain, and how a remote client's files are synced. */
package dev.wherry.daemon.builder.context;
