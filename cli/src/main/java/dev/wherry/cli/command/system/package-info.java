/** Commands that work on the daemon as a whole, or on any object. */
package dev.wherry.cli.command.system;
