/** The commands that work on containers. */
package dev.wherry.cli.command.container;
