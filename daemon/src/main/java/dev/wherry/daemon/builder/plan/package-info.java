/**
 * Turns a Dockerfile into a plan: the graph of the vertices that the target needs, and the config of the image. Only
 * this package knows both the language and the graph.
 */
package dev.wherry.daemon.builder.plan;
