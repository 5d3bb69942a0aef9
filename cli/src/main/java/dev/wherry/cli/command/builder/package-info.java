/** Commands that build, and that look after the build cache. */
package dev.wherry.cli.command.builder;
