/** The commands that build images, and those that look after the build cache. */
package dev.wherry.cli.command.builder;
