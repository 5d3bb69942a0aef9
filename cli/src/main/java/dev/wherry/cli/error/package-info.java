/** How a command ends when it fails: a sentence for the user and an exit status. */
package dev.wherry.cli.error;
