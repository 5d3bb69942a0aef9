/** {@code cp}: which files go where. */
package dev.wherry.cli.command.container.copy;
