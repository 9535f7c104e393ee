//! Environments, tokens, sign-in links, sessions and keys.

use super::*;

pub(super) async fn environments_and_their_tokens(given: Given) {
    let store = given.store;
    let one = store.create_environment("One".into()).await.unwrap();
    let two = store.create_environment("Twö".into()).await.unwrap();
    assert_eq!((one.id, two.id), (1, 2));
    assert_eq!(store.environments().await.unwrap(), [one.clone(), two.clone()]);
    assert_eq!(store.environment(2).await.unwrap(), Some(two));
    assert_eq!(store.environment(3).await.unwrap(), None);
    let token = TokenRecord {
        id: "tok_1".into(),
        environment: 1,
        name: "ci".into(),
        created: BEGIN,
        scopes: vec![Scope::EventsWrite, Scope::Admin],
        expires: Some(BEGIN + 5),
        last_used: None,
    };
    store.create_token(token.clone(), [1; 32]).await.unwrap();
    let same = TokenRecord { id: "tok_2".into(), name: "again".into(), ..token.clone() };
    store.create_token(same, [1; 32]).await.unwrap();
    assert_eq!(store.token_by_hash([1; 32]).await.unwrap(), Some(token.clone()), "the first stays");
    assert_eq!(store.token_by_hash([2; 32]).await.unwrap(), None);
    assert_eq!(store.tokens(1).await.unwrap(), std::slice::from_ref(&token));
    store.token_used("tok_1".into(), BEGIN + 3).await.unwrap();
    assert_eq!(store.token_by_hash([1; 32]).await.unwrap().unwrap().last_used, Some(BEGIN + 3));
    assert_eq!(store.tokens(2).await.unwrap(), []);
    assert!(!store.delete_token(2, "tok_1".into()).await.unwrap());
    assert!(store.delete_token(1, "tok_1".into()).await.unwrap());
    assert_eq!(store.token_by_hash([1; 32]).await.unwrap(), None);
    let stray = TokenRecord { id: "tok_9".into(), environment: 9, name: String::new(), ..token.clone() };
    assert!(store.create_token(stray, [9; 32]).await.is_err(), "there is no such environment");
    store.ping().await.unwrap();
}

pub(super) async fn codes_are_used_once_and_sessions_end(given: Given) {
    let Given { store, clock, _folder } = given;
    store.create_environment("One".into()).await.unwrap();
    let link = SigninRecord {
        id: "lnk_1".into(),
        environment: 1,
        expires: BEGIN + 1000,
        scopes: vec![Scope::WebhooksRead, Scope::DeliveriesRead],
        person: Some("Ann".into()),
        session_life: 60_000,
        framed: true,
    };
    store.create_signin_code(link.clone(), [1; 32]).await.unwrap();
    store.create_signin_code(link.clone(), [2; 32]).await.unwrap();
    assert_eq!(store.redeem_signin_code([1; 32]).await.unwrap(), Some(link));
    assert_eq!(store.redeem_signin_code([1; 32]).await.unwrap(), None);
    clock.set(BEGIN + 1000);
    assert_eq!(store.redeem_signin_code([2; 32]).await.unwrap(), None, "it has expired");
    let session = SessionRecord {
        id: "ses_1".into(),
        environment: 1,
        expires: BEGIN + 2000,
        scopes: vec![Scope::WebhooksWrite],
        person: None,
        token: Some("tok_1".into()),
        framed: false,
    };
    assert!(!store.create_session([3; 32], session.clone(), None).await.unwrap(), "its token is gone");
    let session = SessionRecord { token: None, ..session };
    assert!(store.create_session([3; 32], session.clone(), None).await.unwrap());
    assert_eq!(store.session_by_hash([3; 32]).await.unwrap(), Some(session));
    store.delete_session([3; 32]).await.unwrap();
    assert_eq!(store.session_by_hash([3; 32]).await.unwrap(), None);
}

pub(super) async fn keys_come_back(given: Given) {
    let store = given.store;
    store.create_environment("One".into()).await.unwrap();
    let key = KeyRecord {
        environment: 1,
        keyid: "s._domainkey.example.com".into(),
        pkcs8: vec![0, 1, 255],
        dns: "v=DKIM1;k=rsa;p=AA".into(),
        status: KeyStatus::Current,
        since: BEGIN,
        until: None,
        shown: None,
    };
    assert_eq!(store.create_key(key.clone()).await.unwrap(), key);
    assert_eq!(store.keys(1).await.unwrap(), std::slice::from_ref(&key));
    let another = KeyRecord { keyid: "t._domainkey.example.com".into(), pkcs8: vec![2], ..key.clone() };
    assert_eq!(store.create_key(another).await.unwrap(), key, "one signs");
    assert_eq!(store.keys(1).await.unwrap(), std::slice::from_ref(&key));
    assert_eq!(store.keys(2).await.unwrap(), []);
    assert_eq!(store.key_record(key.keyid.clone()).await.unwrap(), Some(key.dns.clone()));
    assert_eq!(store.key_record("other".into()).await.unwrap(), None);
    let same = KeyRecord { status: KeyStatus::Next, ..key.clone() };
    assert!(store.create_key(same).await.is_err(), "a name is for one key");
    // A zone that only ends like theirs is another.
    let gone = store.leave_zone(1, "_domainkey.example.com".into(), BEGIN + 5).await.unwrap();
    assert!(gone.is_empty(), "{gone:?}");
    let gone = store.leave_zone(1, "domainkey.example.com".into(), BEGIN + 5).await.unwrap();
    assert_eq!(gone, std::slice::from_ref(&key.keyid));
    let retired = KeyRecord { status: KeyStatus::Retired, until: Some(BEGIN + 5), ..key };
    assert_eq!(store.keys(1).await.unwrap(), std::slice::from_ref(&retired));

    // One that is to sign later does not sign now because the domain was changed to its own.
    let made = |keyid: &str, status| KeyRecord { keyid: keyid.into(), status, until: None, ..retired.clone() };
    store.create_key(made("u._domainkey.example.net", KeyStatus::Current)).await.unwrap();
    let next = store.create_key(made("v._domainkey.example.org", KeyStatus::Next)).await.unwrap();
    let gone = store.leave_zone(1, "_domainkey.example.org".into(), BEGIN + 6).await.unwrap();
    assert_eq!(gone, ["u._domainkey.example.net"]);
    assert!(store.keys(1).await.unwrap().contains(&next));
}
