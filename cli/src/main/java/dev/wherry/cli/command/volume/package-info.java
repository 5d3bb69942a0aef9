/** {@code wherry volume}: the commands that work on volumes. */
package dev.wherry.cli.command.volume;
