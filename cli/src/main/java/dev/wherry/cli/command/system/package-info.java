/** The commands that work on the daemon as a whole, on any object, or on the shell. */
package dev.wherry.cli.command.system;
