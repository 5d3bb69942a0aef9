/** The commands that work on networks. */
package dev.wherry.cli.command.network;
