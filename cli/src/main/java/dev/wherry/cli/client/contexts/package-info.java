/**
 * Contexts: named daemons with what is needed to reach them, kept in the folder of the client's configuration. The files
 * have the layout of docker's, so that what knows docker's contexts can be used with them.
 */
package dev.wherry.cli.client.contexts;
