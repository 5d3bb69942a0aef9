/** The flags of {@code build}, grouped by subject, and the syntax of their values. */
package dev.wherry.cli.command.builder.flags;
