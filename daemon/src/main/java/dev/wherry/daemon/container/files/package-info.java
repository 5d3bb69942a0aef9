/**
 * The files of a container: archives into and out of its root file system, what it changed in its image's files, and
 * commits, which make an image of both.
 */
package dev.wherry.daemon.container.files;
