package dev.sluice.runtime.sync;

import dev.sluice.model.settings.HostPort;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Under which of its addresses this machine is reached by those that it is going to meet. Blocking. */
final class OwnAddress {
    private OwnAddress() {}

    /**
     * The address to advertise: the one given, or, where that stands for every address of this machine ({@code 0.0.0.0}),
     * the one from which the first of the others is called whose name resolves. A machine may be on several networks, and
     * the others on one of them alone.
     *
     * @throws IOException when none of the others is known by name
     */
    static HostPort facing(HostPort advertise, List<HostPort> others) throws IOException {
        if (!InetAddress.getByName(advertise.host()).isAnyLocalAddress()) {
            return advertise;
        }
        IOException last = new IOException("No member is set from which to tell the address to advertise");
        for (HostPort other : others) {
            // Sends nothing: connecting a datagram socket only asks the routing table.
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(InetAddress.getByName(other.host()), other.port()));
                return new HostPort(socket.getLocalAddress().getHostAddress(), advertise.port());
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }
}
