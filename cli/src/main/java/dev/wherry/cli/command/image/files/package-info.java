/** The commands that look into images: their files, what differs between two, and what an image stores in vain. */
package dev.wherry.cli.command.image.files;
