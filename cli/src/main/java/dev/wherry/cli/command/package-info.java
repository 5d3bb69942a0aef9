/** What commands have in common: the session, and the syntax of the values of flags. */
package dev.wherry.cli.command;
