/** Turns the stages of a Dockerfile into a graph of vertices. */
package dev.wherry.daemon.builder.plan;
