package dev.wherry.daemon.network.dns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** Asks a name server for one name, to see whether it has it. */
final class NameQuery {

    private static final int PORT = 53;
    private static final int LONGEST_ANSWER = 512;
    private static final int ANSWER_COUNT = 6;
    private static final byte[] HEADER = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    private static final int ADDRESS = 1;
    private static final int ADDRESS_6 = 28;

    private NameQuery() {}

    /** True if the server answers with an address of its own version of IP. */
    static boolean isKnown(InetAddress server, String name, int timeoutMillis) {
        byte[] question = question(name, server.getAddress().length == 4 ? ADDRESS : ADDRESS_6);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(timeoutMillis);
            // Connected, so that a server that does not listen is known at once.
            socket.connect(server, PORT);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket answer = new DatagramPacket(new byte[LONGEST_ANSWER], LONGEST_ANSWER);
            socket.receive(answer);
            byte[] bytes = answer.getData();
            return (bytes[ANSWER_COUNT] | bytes[ANSWER_COUNT + 1]) != 0;
        } catch (IOException silent) {
            return false;
        }
    }

    private static byte[] question(String name, int type) {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        question.writeBytes(HEADER);
        byte[] label = name.getBytes(StandardCharsets.US_ASCII);
        question.write(label.length);
        question.writeBytes(label);
        question.writeBytes(new byte[] {0, 0, (byte) type, 0, 1});
        return question.toByteArray();
    }
}
