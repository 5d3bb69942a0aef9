/**
 * The command line: the catalogue of commands, and what is derived from it: help, manual pages, completion and the refusal
 * of unknown flags. Runs a command and turns its failure into a sentence and an exit status.
 */
package dev.wherry.cli.app;
