/** The commands that work on the records of completed builds. */
package dev.wherry.cli.command.builder.history;
