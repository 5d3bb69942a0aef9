/** Turns the result of a build into an image or files: config, manifest, outputs, verification. */
package dev.wherry.daemon.builder.export;
