/**
 * The commands, grouped in subpackages as docker groups them; here is what they share. May use {@code client} and
 * {@code view}.
 */
package dev.wherry.cli.command;
