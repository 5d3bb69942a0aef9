/**
 * HTTP/1.1 as Docker's API uses it, in blocking terms: a route is code on a virtual thread that reads a request and
 * writes an answer, both in streams if it likes, or takes the connection over for raw bytes. Knows no container and no
 * image.
 */
package dev.wherry.daemon.api.docker.http;
