/** What containers use, as tables that are shown anew. */
package dev.wherry.cli.command.container.stats;
