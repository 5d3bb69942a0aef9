/** How a command ends when it fails: a sentence for the user and an exit status. Uses no other package. */
package dev.wherry.cli.error;
