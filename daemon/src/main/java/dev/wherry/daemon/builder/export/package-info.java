/**
 * What becomes of the result of a build: an image in the store, an archive, files for the client. A build that is
 * verified is solved twice and compared here first.
 */
package dev.wherry.daemon.builder.export;
