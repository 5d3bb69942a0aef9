/**
 * Builds: from a Dockerfile and a build context to an image. A {@link dev.wherry.daemon.builder.plan.Planner} turns stages
 * into a graph of vertices, a {@code Solver} finds or makes the snapshot of each, and an {@code Exporter} names the
 * result. Uses {@code image}, {@code snapshot}, {@code runtime}, {@code metadata} and {@code linux}; the language is
 * in {@code dockerfile}, which knows nothing of all this.
 */
package dev.wherry.daemon.builder;
