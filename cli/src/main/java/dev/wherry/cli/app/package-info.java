/**
 * The command line: finds the command, runs it, and turns whatever goes wrong into one sentence and an exit code. May use
 * everything below it.
 */
package dev.wherry.cli.app;
