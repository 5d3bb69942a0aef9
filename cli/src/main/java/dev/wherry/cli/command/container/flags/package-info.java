/**
 * The flags that describe a container, grouped by subject, and the syntax of their values; {@code run}, {@code create},
 * {@code update} and others share them.
 */
package dev.wherry.cli.command.container.flags;
