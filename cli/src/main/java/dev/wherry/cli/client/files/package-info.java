/** Files that the client sends and receives: import, export, copies into and out of containers, build outputs. */
package dev.wherry.cli.client.files;
