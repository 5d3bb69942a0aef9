/**
 * The build checks of the Dockerfile reference, under their published names: what is legal in a Dockerfile but most
 * likely not meant. {@link dev.wherry.daemon.builder.dockerfile.check.Checks} walks once over the instructions; each small
 * class here looks at one subject and reports {@link dev.wherry.daemon.builder.dockerfile.check.Finding}s. A check never
 * stops a build by itself: what cannot be judged without a base image is not reported.
 */
package dev.wherry.daemon.builder.dockerfile.check;
