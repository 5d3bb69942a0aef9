/** The commands that work on images. */
package dev.wherry.cli.command.image;
