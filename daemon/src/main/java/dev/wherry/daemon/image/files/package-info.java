/** The files of images, read from their layers without a container: lists, contents, differences, weights. */
package dev.wherry.daemon.image.files;
