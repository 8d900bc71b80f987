//! The start and the end of the process.

use std::{future, io, net::SocketAddr};

use tokio::{net::TcpListener, signal};

/// Listens on the address in a variable.
///
/// # Errors
///
/// It cannot be listened on. The error names the variable, and what to do if another program listens there.
pub async fn listen(variable: &str, addr: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(addr).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{variable} {addr} is in use: stop the program that listens there, or set another port")
        }
        _ => format!("{variable} {addr} cannot be listened on: {error}"),
    })
}

/// Resolves when the process is asked to stop: Ctrl-C, or SIGTERM from a service manager.
pub async fn stop_signal() {
    let terminate = async {
        #[cfg(unix)]
        if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
            terminate.recv().await;
            return;
        }
        future::pending().await
    };
    tokio::select! {
        Ok(()) = signal::ctrl_c() => {}
        () = terminate => {}
    }
}
