use tokio::{net::TcpListener, sync::oneshot};

use crate::support::TestApp;

#[tokio::test]
async fn the_server_answers_on_its_socket_until_it_is_stopped() {
    let app = TestApp::start().await;
    let server = app.server();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(listener, async move { drop(stopped.await) }));

    let answer = reqwest::get(format!("http://{addr}/healthz")).await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "ok\n");
    stop.send(()).unwrap();
    serving.await.unwrap();
    assert!(
        TcpListener::bind(addr).await.is_ok(),
        "the socket is still in use"
    );
}
