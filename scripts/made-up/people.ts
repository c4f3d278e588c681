import type { Patient } from 'fhir/r4'
import type { Random } from './random'

interface Region {
  city: string
  province: string
  postalCode: string
  women: readonly [string, ...string[]]
  men: readonly [string, ...string[]]
  /** Many Indonesians have no family name: the second name is as often a given one. */
  second: readonly [string, ...string[]]
}

/** Towns from Sabang to Merauke, with names that are at home there. */
const REGIONS: readonly [Region, ...Region[]] = [
  {
    city: 'Sabang',
    province: 'Aceh',
    postalCode: '23511',
    women: ['Cut Nyak', 'Nurul', 'Fatimah', 'Zahara'],
    men: ['Teuku', 'Iskandar', 'Zulkifli', 'Muzakir'],
    second: ['Rahmah', 'Syah', 'Harun', 'Daud', 'Ismail'],
  },
  {
    city: 'Balige',
    province: 'Sumatera Utara',
    postalCode: '22312',
    women: ['Rotua', 'Tiurma', 'Lamria', 'Hotmaida'],
    men: ['Tigor', 'Parlindungan', 'Saut', 'Binsar'],
    second: ['Siahaan', 'Simanjuntak', 'Hutapea', 'Panjaitan', 'Sitorus'],
  },
  {
    city: 'Tasikmalaya',
    province: 'Jawa Barat',
    postalCode: '46112',
    women: ['Euis', 'Neneng', 'Tati', 'Rina'],
    men: ['Asep', 'Dadang', 'Ujang', 'Cecep'],
    second: ['Suryana', 'Hidayat', 'Kurniasih', 'Permana', 'Rohaeti'],
  },
  {
    city: 'Wonogiri',
    province: 'Jawa Tengah',
    postalCode: '57612',
    women: ['Sri', 'Sulastri', 'Wahyuni', 'Endang'],
    men: ['Bambang', 'Slamet', 'Joko', 'Sutrisno'],
    second: ['Widodo', 'Lestari', 'Handayani', 'Santoso', 'Rahayu'],
  },
  {
    city: 'Karangasem',
    province: 'Bali',
    postalCode: '80811',
    women: ['Ni Luh', 'Ni Made', 'Ni Komang', 'Ni Ketut'],
    men: ['I Wayan', 'I Made', 'I Nyoman', 'I Ketut'],
    second: ['Suartini', 'Sudiarta', 'Ariani', 'Astawa', 'Widiasih'],
  },
  {
    city: 'Ruteng',
    province: 'Nusa Tenggara Timur',
    postalCode: '86511',
    women: ['Maria', 'Yuliana', 'Kristina', 'Veronika'],
    men: ['Yohanes', 'Antonius', 'Fransiskus', 'Petrus'],
    second: ['Jehadun', 'Nggorong', 'Jemali', 'Darut', 'Hambur'],
  },
  {
    city: 'Makassar',
    province: 'Sulawesi Selatan',
    postalCode: '90111',
    women: ['Andi', 'Hasnah', 'Rosmini', 'Suriani'],
    men: ['Baso', 'Daeng', 'Syamsuddin', 'Arifin'],
    second: ['Mappa', 'Tenri', 'Rahman', 'Nurdin', 'Palallo'],
  },
  {
    city: 'Saumlaki',
    province: 'Maluku',
    postalCode: '97664',
    women: ['Yosina', 'Dortea', 'Mariana', 'Selvina'],
    men: ['Elias', 'Markus', 'Simon', 'Dominggus'],
    second: ['Lololuan', 'Batlayeri', 'Sainlia', 'Fordatkosu', 'Watumlawar'],
  },
  {
    city: 'Merauke',
    province: 'Papua Selatan',
    postalCode: '99611',
    women: ['Agustina', 'Paulina', 'Regina', 'Benedikta'],
    men: ['Yakobus', 'Lukas', 'Stefanus', 'Willem'],
    second: ['Mahuze', 'Gebze', 'Kaize', 'Balagaize', 'Ndiken'],
  },
]

/** A person who does not exist, aged 0 to 85 on the day given. */
export function madeUpPatient(random: Random, id: string, today: Date): Patient {
  const region = random.pick(REGIONS)
  const gender = random.chance(0.5) ? 'female' : 'male'
  const given = random.pick(gender === 'female' ? region.women : region.men)
  const family = random.pick(region.second)
  const bornAt = new Date(today.getTime() - random.whole(30, 85 * 365) * 86_400_000)
  return {
    resourceType: 'Patient',
    id,
    // 9 at the front: the national number of nobody.
    identifier: [{ system: 'https://fhir.kemkes.go.id/id/nik', value: `9${random.whole(10 ** 14, 10 ** 15 - 1)}` }],
    name: [{ use: 'official', text: `${given} ${family}`, given: [given], family }],
    gender,
    birthDate: bornAt.toISOString().slice(0, 10),
    telecom: [
      { system: 'phone', use: 'mobile', value: `+62 800 ${random.whole(100, 999)} ${random.whole(1000, 9999)}` },
    ],
    address: [
      {
        line: [
          `Jalan ${random.pick(['Kenanga', 'Melati', 'Cempaka', 'Merdeka', 'Pelabuhan'])} ${random.whole(1, 120)}`,
        ],
        city: region.city,
        state: region.province,
        postalCode: region.postalCode,
        country: 'ID',
      },
    ],
  }
}
