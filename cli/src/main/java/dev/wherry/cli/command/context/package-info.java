/** The commands of {@code wherry context}, which work on files of the client and on no daemon. */
package dev.wherry.cli.command.context;
