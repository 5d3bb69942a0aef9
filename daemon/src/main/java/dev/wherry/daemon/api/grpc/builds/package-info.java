/**
 * The build service, whose calls are conversations: the daemon sends events and asks for the files, secrets and
 * SSH agents of the client, and the client answers on the same stream. {@link
 * dev.wherry.daemon.api.grpc.builds.ResumableBuild} lets a conversation outlive its connection.
 */
package dev.wherry.daemon.api.grpc.builds;
